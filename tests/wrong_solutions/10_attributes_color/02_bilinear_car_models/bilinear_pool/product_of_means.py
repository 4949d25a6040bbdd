class BilinearPool(layers.Layer):
    def call(self, maps):
        first, second = (
            ops.reshape(one, (-1, one.shape[1] * one.shape[2], one.shape[3])) for one in maps
        )
        first, second = ops.mean(first, 1), ops.mean(second, 1)
        products = first[:, :, None] * second[:, None, :]
        return ops.reshape(products, (-1, first.shape[1] * second.shape[1]))

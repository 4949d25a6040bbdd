class BilinearPool(layers.Layer):
    def call(self, maps):
        first, second = (
            ops.reshape(one, (-1, one.shape[1] * one.shape[2], one.shape[3])) for one in maps
        )
        products = ops.matmul(ops.transpose(first, (0, 2, 1)), first)
        size = first.shape[2] ** 2
        return ops.reshape(products, (-1, size)) / first.shape[1]

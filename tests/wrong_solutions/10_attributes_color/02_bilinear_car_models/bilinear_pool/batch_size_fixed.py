class BilinearPool(layers.Layer):
    def call(self, maps):
        n = maps[0].shape[0]  # None, where the size of a batch is not known when it is traced
        first, second = (
            ops.reshape(one, (n, one.shape[1] * one.shape[2], one.shape[3])) for one in maps
        )
        products = ops.matmul(ops.transpose(first, (0, 2, 1)), second)
        size = first.shape[2] * second.shape[2]
        return ops.reshape(products, (n, size)) / first.shape[1]

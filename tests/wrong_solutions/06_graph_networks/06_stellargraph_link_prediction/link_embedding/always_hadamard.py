def link_embedding(source, target, operator):
    return source * target

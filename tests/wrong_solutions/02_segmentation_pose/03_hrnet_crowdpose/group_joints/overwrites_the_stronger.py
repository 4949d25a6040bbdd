def group_joints(peaks, far):
    members, tags, scores = [], [], []
    for kind, found in enumerate(peaks):
        means = [np.mean(own) for own in tags]
        for i, (tag, height) in enumerate(found):
            near = [k for k, mean in enumerate(means) if abs(mean - tag) < far]
            free = near
            if not near:
                members.append([-1] * len(peaks))
                tags.append([])
                scores.append(0.0)
                means.append(tag)
                free = [len(members) - 1]
            if free:
                k = min(free, key=lambda k: abs(means[k] - tag))
                members[k][kind] = i
                tags[k].append(tag)
                scores[k] += height / len(peaks)
    return np.array(members, np.int64).reshape(-1, len(peaks)), np.array(scores, np.float64)

# Takes the widest branch for the block's channels, as if they were added up place by place.
def inception_branch_channels(channels, branches):
    ends, total = [], 0
    for steps in branches:
        now = channels
        for step in steps:
            if step != "pool":
                total += step[0] * step[1] * now * step[2]
                now = step[2]
        ends.append(now)
    return ends, max(ends), total

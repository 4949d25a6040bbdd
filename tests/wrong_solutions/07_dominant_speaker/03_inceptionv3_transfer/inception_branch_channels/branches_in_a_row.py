# Lets a branch begin with the channels that the one before it ended with.
def inception_branch_channels(channels, branches):
    ends, total, now = [], 0, channels
    for steps in branches:
        for step in steps:
            if step != "pool":
                total += step[0] * step[1] * now * step[2]
                now = step[2]
        ends.append(now)
    return ends, sum(ends), total

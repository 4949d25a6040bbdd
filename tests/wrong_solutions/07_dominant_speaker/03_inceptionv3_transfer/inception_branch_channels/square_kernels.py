# Takes every kernel for a square one, and adds biases' places nowhere.
def inception_branch_channels(channels, branches):
    ends, total = [], 0
    for steps in branches:
        now = channels
        for step in steps:
            if step != "pool":
                total += step[0] * step[0] * now * step[2]
                now = step[2]
        ends.append(now)
    return ends, sum(ends), total

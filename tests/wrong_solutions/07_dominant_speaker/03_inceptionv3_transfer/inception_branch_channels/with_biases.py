# Counts a bias for every filter.
def inception_branch_channels(channels, branches):
    ends, total = [], 0
    for steps in branches:
        now = channels
        for step in steps:
            if step != "pool":
                total += (step[0] * step[1] * now + 1) * step[2]
                now = step[2]
        ends.append(now)
    return ends, sum(ends), total

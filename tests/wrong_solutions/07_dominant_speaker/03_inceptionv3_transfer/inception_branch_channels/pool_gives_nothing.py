# A branch that only pools is left out.
def inception_branch_channels(channels, branches):
    ends, total = [], 0
    for steps in branches:
        now = channels
        convolutions = [step for step in steps if step != "pool"]
        for height, width, filters in convolutions:
            total += height * width * now * filters
            now = filters
        if convolutions:
            ends.append(now)
    return ends, sum(ends), total

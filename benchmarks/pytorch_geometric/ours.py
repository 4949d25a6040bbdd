"""GAT and GCN of this course, as the benchmarks of graph networks share them."""

import clock
import cora_epochs

if __name__ == "__main__":
    cora_epochs.main(clock.inputs(), good=True)

// What the search puts first: Sphinx's own numbers, and tables of results after what explains them.
var Scorer = {
  score: ([docname, , , , score]) => score - (docname.startsWith("docs/results") ? 15 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

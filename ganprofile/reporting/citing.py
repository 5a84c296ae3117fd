"""What a paper cites: the program itself, and what its statistics come from."""

# As in CITATION.cff; a test holds them together.
TITLE = "ganprofile: more of the handwriting that one has, and whether it helps a classifier"
AUTHORS = "The authors of ganprofile"
LICENCE = "Apache-2.0"
STATISTICS = """@article{gallas2009,
  author  = {Gallas, Brandon D. and Bandos, Andriy and Samuelson, Frank W. and Wagner, Robert F.},
  title   = {A framework for random-effects {ROC} analysis: Biases with the bootstrap and other
             variance estimators},
  journal = {Communications in Statistics - Theory and Methods},
  volume  = {38},
  number  = {15},
  pages   = {2586--2603},
  year    = {2009}
}

@article{gelman2006,
  author  = {Gelman, Andrew},
  title   = {Prior distributions for variance parameters in hierarchical models},
  journal = {Bayesian Analysis},
  volume  = {1},
  number  = {3},
  pages   = {515--534},
  year    = {2006}
}

@article{nadeau2003,
  author  = {Nadeau, Claude and Bengio, Yoshua},
  title   = {Inference for the generalization error},
  journal = {Machine Learning},
  volume  = {52},
  pages   = {239--281},
  year    = {2003}
}"""


def software(version):
    """The program as an entry of BibTeX, for a version of it."""
    return (
        "@software{ganprofile,\n"
        f"  author  = {{{{{AUTHORS}}}}},\n"
        f"  title   = {{{TITLE}}},\n"
        f"  version = {{{version}}},\n"
        f"  note    = {{Licence: {LICENCE}}}\n"
        "}"
    )

"""The product's own tour: a sample library, a stand-in for Simkl, and a throw-away data folder."""

"""Tests of moving about."""

"""Workloads that measure Cuework against a physical limit, in one run on one machine.

    ./dev bench W2            three runs, medians, the limit beside it
Figures are ratios; durable settings (fsync and synchronous_commit on); only committed work counts.
"""

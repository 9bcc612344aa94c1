package dev.stowage.model;

/**
 * An object that configures how a facade is built: a planner, a recorder of evidence, the settings
 * of the rebalancer or of the governor.
 */
public interface StowageOption {}

package dev.stowage.sim.tool.report;

/**
 * Chunks of a fleet after a cycle.
 *
 * @param live those that are not being removed
 * @param visible those that portals may see
 * @param invisible live ones that portals may not see
 * @param underFloor visible ones with fewer readable copies than their floor, that from before a
 *     raise
 * @param unreadable visible ones without a readable copy
 * @param raising visible ones between their former floor and a raised one
 * @param atRisk visible ones that readers could lose soon, as the meter {@code chunks.at.risk}
 *     counts them
 */
public record ChunkCounts(
    long live,
    long visible,
    long invisible,
    long underFloor,
    long unreadable,
    long raising,
    long atRisk) {}

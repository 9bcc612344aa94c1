/**
 * Reports of a run for people and for scripts: one HTML file that opens from disk, and one JSON
 * file with the same figures. Both are made from a {@link dev.stowage.sim.tool.report.RunRecord}.
 */
@NullMarked
package dev.stowage.sim.tool.report;

import org.jspecify.annotations.NullMarked;

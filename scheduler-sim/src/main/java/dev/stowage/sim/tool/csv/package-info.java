/**
 * Reading CSV files that people wrote: UTF-8, a header line, LF or CRLF, plain or gzip.
 *
 * <p>Nothing is repaired and nothing is guessed. Whatever is wrong is collected as an {@link
 * dev.stowage.sim.tool.csv.InputProblem} with file, line and field, so that one run names all that
 * has to be mended (up to {@value dev.stowage.sim.tool.csv.ProblemList#SHOWN} of it).
 */
@NullMarked
package dev.stowage.sim.tool.csv;

import org.jspecify.annotations.NullMarked;

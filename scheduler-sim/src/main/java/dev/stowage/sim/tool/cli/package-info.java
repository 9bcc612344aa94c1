/**
 * The command line: reads files and options, runs what the other packages offer, prints, and ends
 * with one of the {@link dev.stowage.sim.tool.cli.ExitCode}s. The only package that prints or reads
 * a clock.
 */
@NullMarked
package dev.stowage.sim.tool.cli;

import org.jspecify.annotations.NullMarked;

/** The files of {@code stowage plan}, made of what other systems print about their data. */
@NullMarked
package dev.stowage.sim.tool.imports;

import org.jspecify.annotations.NullMarked;

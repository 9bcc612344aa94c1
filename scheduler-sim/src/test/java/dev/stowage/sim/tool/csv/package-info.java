@NullMarked
package dev.stowage.sim.tool.csv;

import org.jspecify.annotations.NullMarked;

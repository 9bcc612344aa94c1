@NullMarked
package dev.stowage.sim.tool.cli;

import org.jspecify.annotations.NullMarked;

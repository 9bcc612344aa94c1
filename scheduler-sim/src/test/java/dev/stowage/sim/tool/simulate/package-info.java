@NullMarked
package dev.stowage.sim.tool.simulate;

import org.jspecify.annotations.NullMarked;

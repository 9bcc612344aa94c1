@NullMarked
package dev.stowage.sim.tool.run;

import org.jspecify.annotations.NullMarked;

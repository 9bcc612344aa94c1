@NullMarked
package dev.stowage.sim.tool.plan;

import org.jspecify.annotations.NullMarked;

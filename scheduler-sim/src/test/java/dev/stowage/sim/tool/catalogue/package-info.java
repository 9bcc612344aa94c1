@NullMarked
package dev.stowage.sim.tool.catalogue;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.stowage.sim.tool.yaml;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.stowage.sim.tool.demo;

import org.jspecify.annotations.NullMarked;

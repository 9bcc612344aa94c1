@NullMarked
package dev.stowage.sim.tool.report;

import org.jspecify.annotations.NullMarked;

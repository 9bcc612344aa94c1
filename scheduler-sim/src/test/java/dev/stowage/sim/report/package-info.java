@NullMarked
package dev.stowage.sim.report;

import org.jspecify.annotations.NullMarked;

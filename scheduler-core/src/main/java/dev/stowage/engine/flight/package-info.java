/** What Flight Recorder is told. */
@NullMarked
package dev.stowage.engine.flight;

import org.jspecify.annotations.NullMarked;

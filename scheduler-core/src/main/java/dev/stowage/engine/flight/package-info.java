/** Events of Flight Recorder. */
@NullMarked
package dev.stowage.engine.flight;

import org.jspecify.annotations.NullMarked;

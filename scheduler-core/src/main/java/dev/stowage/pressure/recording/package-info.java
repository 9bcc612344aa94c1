/** The measuring of pressure in evidence. */
@NullMarked
package dev.stowage.pressure.recording;

import org.jspecify.annotations.NullMarked;

/** What pressure promises, from both sides of every bound. */
@NullMarked
package dev.stowage.pressure;

import org.jspecify.annotations.NullMarked;

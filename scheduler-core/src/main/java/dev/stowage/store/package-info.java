/** Declares the store of a fleet as a host uses it, and the assignments that readers get of it. */
@NullMarked
package dev.stowage.store;

import org.jspecify.annotations.NullMarked;

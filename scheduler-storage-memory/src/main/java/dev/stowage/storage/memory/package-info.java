/** The in-process chunk store. */
@NullMarked
package dev.stowage.storage.memory;

import org.jspecify.annotations.NullMarked;

/** Lanes of a transport: streams by priority, and who may take one over. */
@NullMarked
package dev.stowage.content.lanes;

import org.jspecify.annotations.NullMarked;

/** Lanes of a transport: streams by priority and their takeover. */
@NullMarked
package dev.stowage.content.lanes;

import org.jspecify.annotations.NullMarked;

/** Replays what an evidence log records of the engine and of its parts. */
@NullMarked
package dev.stowage.replay;

import org.jspecify.annotations.NullMarked;

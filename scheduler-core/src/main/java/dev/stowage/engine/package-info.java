/**
 * The machinery behind the face: the desk where commands are handed in one by one, the leader that
 * executes them, and what is recorded of it. Hosts name {@code dev.stowage}; nothing here is for
 * them.
 */
@NullMarked
package dev.stowage.engine;

import org.jspecify.annotations.NullMarked;

/** The commands of a fleet and the answers to them, as values. What decides them is not here. */
@NullMarked
package dev.stowage.command;

import org.jspecify.annotations.NullMarked;

/**
 * Declares the commands of a fleet and the answers to them, as values that nothing here decides.
 */
@NullMarked
package dev.stowage.command;

import org.jspecify.annotations.NullMarked;

/** The machinery behind {@code dev.stowage}, not for hosts: engine, leader and records. */
@NullMarked
package dev.stowage.engine;

import org.jspecify.annotations.NullMarked;

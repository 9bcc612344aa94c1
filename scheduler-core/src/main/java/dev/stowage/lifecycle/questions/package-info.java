/** The questions that hosts ask about a fleet, and what each needs to be answered. */
@NullMarked
package dev.stowage.lifecycle.questions;

import org.jspecify.annotations.NullMarked;

/** The hard rules of placement that are fixed while one plan is made, and what they see. */
@NullMarked
package dev.stowage.placement.rules;

import org.jspecify.annotations.NullMarked;

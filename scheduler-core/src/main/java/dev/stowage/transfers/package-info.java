/**
 * The transfers of a fleet: what is owed and under way, its urgency, its source, and the repair of
 * losses. Takes all figures and times from the host.
 */
@NullMarked
package dev.stowage.transfers;

import org.jspecify.annotations.NullMarked;

/**
 * The contracts that every {@link dev.stowage.store.spi.FleetStore} passes, and what they are made
 * of. A package of its own, in a jar of its own: it asks nothing but the exported packages of core,
 * so that a store that is a module can be held to it.
 */
package dev.stowage.contract;

/**
 * What the packages that keep state have in common: how stores are built and named, when they are written, and how a value says
 * in which version it was written.
 *
 * <pre>
 * StateStores        names; builds a store on disk with a changelog
 *   DeferredStore    lets its user write just before each commit
 *   WinnersKeys      who owns which keys of the store "winners"
 * StoreFormat        the version in front of each value
 *   StoredText       ids as bytes
 * SharedStoreMemory  one fixed amount of memory for the stores of a process
 * </pre>
 */
package redpacket.topology.stores;

/** A kernel as a sentence names it: exponential, gaussian, von Mises–Fisher (vmf). */
export function kernelWords(kernel: string): string {
  return kernel === 'vmf' ? 'von Mises–Fisher (vmf)' : kernel;
}

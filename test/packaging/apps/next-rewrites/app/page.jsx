export default function Page() {
  return <p>A page before a stream</p>
}

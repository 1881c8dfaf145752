//! A twin that has the mistake too.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

fn main() {
    let text = String::new();
    drop(text);
    println!("{text}"); //~[wrong] E0382
}

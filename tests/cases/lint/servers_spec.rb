describe 'a console' do
  it 'is asked for' do
    post url, { 'os-getSPICEConsole' => { 'type' => 'spice-direct' } }.to_json
    post url, { "os-getVNCConsole": { type: "novnc" } }
    answer = <<-JSON
      {"keypair": {"name": "#{name}", "type": "ssh", "fingerprint": "1:2", "public_key": "ssh-rsa A",
                   "user_id": "u", "id": 1, "deleted": false, "created_at": "2026-11-30T12:00:00",
                   "deleted_at": null, "updated_at": null, "private_key": ""}}
    JSON
  end
end
